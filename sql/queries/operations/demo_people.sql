-- A demo resident for every organization that has accounts: the holder of its first one, with its first two attached.
-- Rows: organization, principal, name, numbers text[]
with first_two as (
  select o.code as organization, a.id, a.number, a.name, a.patronymic, a.rank
  from access.organization o cross join lateral (
    select id, number, name, patronymic, row_number() over (order by number) as rank from facts.account
    where organization = o.code order by number limit 2) a
), people as (
  insert into access.principal (organization, login, name)
  select organization, 'demo', coalesce(name, 'Иван') || ' ' || coalesce(patronymic, 'Иванович')
  from first_two where rank = 1
  on conflict (organization, login) do update set name = excluded.name
  returning id, organization, name
), attached as (
  insert into access.attachment (principal, account, number)
  select p.id, f.id, f.number from people p join first_two f on f.organization = p.organization
  on conflict do nothing
)
select p.organization, p.id, p.name, array_agg(f.number order by f.number)
from people p join first_two f on f.organization = p.organization
group by p.organization, p.id, p.name order by p.organization
