-- Whether `kabinet migrate` has ever run here. Rows: bool
select exists (select from pg_class c join pg_namespace s on s.oid = c.relnamespace
               where s.nspname = 'kabinet' and c.relname = 'migration')
