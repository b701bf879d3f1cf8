-- Rows of views.month that belong to no meter. Rows: meter int8, month date, found text (volumes)
select v.meter, v.month, v.volumes::text from views.month v
where not exists (select from facts.meter m where m.id = v.meter) order by v.meter, v.month
