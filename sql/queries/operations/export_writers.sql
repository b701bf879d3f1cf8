-- Transactions that write contacts, consents or readings now: they may hold a number below the newest one that is seen.
-- Rows: virtual transaction text
select distinct l.virtualtransaction from pg_locks l
where l.locktype = 'relation' and l.granted and l.mode = 'RowExclusiveLock'
  and l.database = (select oid from pg_database where datname = current_database())
  and l.relation in ('identity.contact'::regclass, 'identity.consent'::regclass, 'facts.reading'::regclass)
