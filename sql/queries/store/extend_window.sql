-- An extension of a reading window. $1 command uuid, $2 organization, $3 company, $4 house text (null: all), $5 given_on,
-- $6 until date, $7 at timestamptz, $8 actor, $9 why text
insert into facts.window_extension (command, organization, company, house, given_on, until, at, actor, why)
values ($1::uuid, $2::text, $3::text, $4::text, $5::date, $6::date, $7::timestamptz, $8::text, $9::text)
