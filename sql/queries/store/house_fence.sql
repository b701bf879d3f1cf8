-- Whoever writes months of an organization's house meters comes before the close of a month or behind it, never amid it:
-- until the end of the transaction. $1 organization text. Rows: one
select pg_advisory_xact_lock_shared(hashtextextended('house months ' || $1::text, 0))
