-- The newest change of contacts and of consents that is there. $1 organization text. Rows: contacts, consents int8
select coalesce((select n from identity.contact where organization = $1::text order by n desc limit 1), 0),
       coalesce((select n from identity.consent where organization = $1::text order by n desc limit 1), 0)
