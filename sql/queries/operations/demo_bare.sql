-- Organizations for which no kind of charge was ever imported. Rows: organization
select o.code from access.organization o
where not exists (select from facts.charge_kind k where k.organization = o.code)
order by o.code
