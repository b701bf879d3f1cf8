-- Somebody may do less than before: what doors remember is to be asked again
select pg_notify('access', 'sessions')
