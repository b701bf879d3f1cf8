-- Locks what a batch of identity is about, by name, in one order in every lane: until its transaction ends. $1 names text[]
select pg_advisory_xact_lock(k.key)
from (select distinct hashtextextended('identity ' || name, 0) as key from unnest($1::text[]) u(name) order by key offset 0) k
