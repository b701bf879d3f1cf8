-- Every organization with the profile in force. Rows: code, profile
select code, profile from access.organization order by code
