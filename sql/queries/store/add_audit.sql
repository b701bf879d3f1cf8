-- What operators and their programs had decided. $1 actors, $2 actions, $3 organizations text[], $4 details jsonb[],
-- $5 what each is about, joined by tabs, $6 why text[], $7 commands uuid[].
-- Of who sits at the server, what was asked for is there already; only operators with an account and programs come here
insert into operations.audit (actor, action, organization, details, about, why, command)
select actor, action, organization, details, string_to_array(about, E'\t'), why, command
from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::text[], $6::text[], $7::uuid[])
  u(actor, action, organization, details, about, why, command)
where actor like 'token:%' or exists (select from access.operator o where actor = 'operator:' || o.login)
