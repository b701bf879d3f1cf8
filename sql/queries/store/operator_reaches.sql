-- The roles of operators. $1 organizations, $2 logins text[].
-- Rows: organization, login, role (null: none there any more), houses text[] (null: all); none of who has no account
select u.organization, u.login, case when o.ended_at is null then r.role end, r.houses
from unnest($1::text[], $2::text[]) u(organization, login)
join access.operator o on o.login = u.login
left join access.operator_role r on r.operator = o.id and r.organization = u.organization and r.ended_at is null
