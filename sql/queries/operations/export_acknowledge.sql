-- $1 organization, $2 what text, $3 n int8, $4 actor text, $5 may it go back bool. Rows: n; none where it would go back
insert into operations.export_cursor (organization, what, n, actor)
select $1::text, $2::text, $3::int8, $4::text
where $5::bool or $3::int8 >= coalesce((select k.n from operations.export_cursor k where k.organization = $1::text and k.what = $2::text
                                        order by k.id desc limit 1), 0)
returning n
