-- The houses of accounts. $1 ids int8[]. Rows: id, house (may be null)
select a.id, a.house from unnest($1::int8[]) u(id)
cross join lateral (select id, house from facts.account k where k.id = u.id offset 0) a
