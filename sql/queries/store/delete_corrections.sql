-- What was asked for by mistake and waits, of accounts that are locked; the audit keeps who asked and who took it back.
-- $1 numbers int8[]
delete from facts.correction where n = any ($1::int8[])
