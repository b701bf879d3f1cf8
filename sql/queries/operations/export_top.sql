-- The newest change of contacts, consents and readings that is there. $1 organization text. Rows: contacts, consents, readings int8
select coalesce((select n from identity.contact where organization = $1::text order by n desc limit 1), 0),
       coalesce((select n from identity.consent where organization = $1::text order by n desc limit 1), 0),
       coalesce((select seq from facts.reading order by seq desc limit 1), 0)
