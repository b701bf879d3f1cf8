-- Sets a role's password (a utility statement takes no parameters, so it is built on the server). $1 role, $2 password text
select kabinet.set_password($1::text, $2::text)
