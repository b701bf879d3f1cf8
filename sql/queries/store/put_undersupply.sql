-- Dated rows that are new, or unlike the newest of the same thing and month. Of rows about the same thing the last counts. No days
-- where none are told say nothing new.
-- $1 organization text, $2 rows jsonb. Rows: house, account, month, why, kind; those that were added
with given as (
  select jsonb_strip_nulls(e.body) as body, e.place, p.*,
         row_number() over (partition by p.month, p.kind, p.house, p.account order by e.place desc) as last
  from jsonb_array_elements($2::jsonb) with ordinality e(body, place)
  cross join lateral jsonb_populate_record(null::facts.undersupply, e.body) p
)
insert into facts.undersupply (organization, kind, house, account, month, days, why)
select $1::text, p.kind, p.house, p.account, p.month, p.days, p.why
from given p
left join lateral (
  select jsonb_strip_nulls(to_jsonb(k) - '{n,organization}'::text[]) as body, k.days
  from (select k.* from facts.undersupply k
                where k.organization = $1::text and k.month = p.month and k.kind = p.kind
                  and coalesce(k.house, '') = coalesce(p.house, '')
                  and coalesce(k.account, '') = coalesce(p.account, '') offset 0) k
  order by k.n desc limit 1) b on true
where p.last = 1 and p.body is distinct from b.body and (p.days > 0 or b.days > 0)
order by p.place
returning house, account, month, why, kind
