-- A house's own reading window. $1 command uuid, $2 organization, $3 house text, $4 at timestamptz, $5 from, $6 to int4
-- (null: its company's again), $7 actor, $8 why text
insert into facts.house_window (command, organization, house, at, from_day, to_day, actor, why)
values ($1::uuid, $2::text, $3::text, $4::timestamptz, $5::int4, $6::int4, $7::text, $8::text)
