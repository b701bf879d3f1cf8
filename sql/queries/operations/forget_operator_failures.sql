-- What was guessed at is no more: nobody who was wrong about it rests. $1 login text. Rows: how many counts there were
select identity.forget_operator_failures($1::text)
