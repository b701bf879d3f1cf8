-- $1 organization text, $2 month date
update facts.period set closed_at = null where organization = $1::text and month = $2::date
