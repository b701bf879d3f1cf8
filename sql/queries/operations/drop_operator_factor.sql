-- A second factor that is lost goes. $1 operator int8
delete from identity.operator_totp where operator = $1::int8
