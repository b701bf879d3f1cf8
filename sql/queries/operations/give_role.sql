-- An operator's role in an organization, instead of the one before. $1 operator int8, $2 organization, $3 role text,
-- $4 houses text[] (null: all), $5 given by text. Run `end_role` first
insert into access.operator_role (operator, organization, role, houses, given_by)
values ($1::int8, $2::text, $3::text, $4::text[], $5::text)
