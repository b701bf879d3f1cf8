-- A new operator. $1 login, $2 name, $3 made by text. Rows: id; none when the login was given before
insert into access.operator (login, name, made_by) values ($1::text, $2::text, $3::text)
on conflict (login) do nothing returning id
