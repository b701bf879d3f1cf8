-- What is owed for kinds whose money goes to payees of their own, now and by the newest bills: what was paid too much to one payee
-- pays no debt to another (ЖК РФ, ст. 155 and 175). Whose a kind is, is as bills have it: on the last day of the month, as far as it
-- was known when the month was closed; now as in the newest bill. $1 accounts int8[], $2 bills of each at most int8 (null: all).
-- Rows: account, month (null: now), kind, payee (the supplier's code), owed int8 (kopecks, below zero what was paid too much)
select w.id, r.shown, r.code, r.supplier, r.owed
from unnest($1::int8[]) as w (id)
cross join lateral (select k.organization from views.account k where k.id = w.id offset 0) a
cross join lateral (
  select array_agg(distinct k.code) as codes from views.charge_kind k where k.organization = a.organization and k.separate
) s
cross join lateral (
  with posted as materialized (
    select e.id, e.kind, e.amount from views.entry e where e.account = w.id and e.kind = any (s.codes)
  )
  select b.shown, k.code, k.supplier, o.owed
  from (
    select t.shown, t.upto, coalesce((t.month + interval '1 month')::date - 1, 'infinity'::date) as day,
           coalesce(t.closed_at, 'infinity'::timestamptz) as moment
    from (
      (select v.month as shown, v.month, v.closed_at, v.upto from views.bill v where v.account = w.id
       order by v.month desc limit $2::int8)
      union all
      select null::date, n.month, n.closed_at, null::int8
      from (values (1)) one (x)
      left join lateral (
        select v.month, v.closed_at from views.bill v where v.account = w.id order by v.month desc limit 1
      ) n on true
    ) t
  ) b
  cross join lateral (
    select distinct on (x.code) x.code, x.supplier, x.separate
    from views.charge_kind x
    where x.organization = a.organization and x.valid_from <= b.day
    order by x.code, x.added_at <= b.moment desc, case when x.added_at <= b.moment then x.valid_from end desc,
             case when x.added_at <= b.moment then -x.n else x.n end
  ) k
  cross join lateral (
    select sum(p.amount)::int8 as owed from posted p
    where p.kind = k.code and p.id <= coalesce(b.upto, 9223372036854775807)
  ) o
  where k.separate and o.owed is not null
) r
where s.codes is not null
order by w.id, r.shown, r.code collate "C"
