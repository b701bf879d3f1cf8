-- Operators by login, as far as an organization is concerned. Their credentials are locked, in the order of the operators,
-- for what `kabinet operator` does meanwhile. $1 organizations, $2 logins text[].
-- Rows: organization, login, id, role (null: none), houses text[] (null: all), hash (null: none), temporary,
-- changed_at, secret (null: no second factor), last_step, enabled_at (null: none)
with asked as (
  select u.organization, u.login, o.id, o.ended_at
  from unnest($1::text[], $2::text[]) u(organization, login) join access.operator o on o.login = u.login
), locked as materialized (
  select c.operator, c.hash, c.temporary, c.changed_at from identity.operator_credential c
  where c.operator in (select id from asked) order by c.operator for update
)
select a.organization, a.login, a.id, case when a.ended_at is null then r.role end, r.houses,
       case when a.ended_at is null then c.hash end, coalesce(c.temporary, true), coalesce(c.changed_at, clock.now()),
       t.secret, coalesce(t.last_step, 0), t.enabled_at
from asked a
left join locked c on c.operator = a.id
left join access.operator_role r on r.operator = a.id and r.organization = a.organization and r.ended_at is null
left join identity.operator_totp t on t.operator = a.id
