-- An operator by login. $1 text. Rows: id, name, ended bool; none or one
select id, name, ended_at is not null from access.operator where login = $1::text
