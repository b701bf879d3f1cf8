-- An operator's session by its hash, with the role that it has now. $1 bytea.
-- Rows: organization, login, name, role, houses text[] (null: all), half (null: it is whole), id, whether the operator has a
-- second factor; none when ended, expired, or the role is gone
select s.organization, o.login, o.name, r.role, r.houses, s.half, s.id, access.has_factor(o.id)
from (select organization, operator, half, id from access.operator_session
      where hash = $1::bytea and ended_at is null and longest_at > clock.now() and seen_at + idle > clock.now()
      offset 0) s
join access.operator o on o.id = s.operator and o.ended_at is null
join access.operator_role r on r.operator = o.id and r.organization = s.organization and r.ended_at is null
