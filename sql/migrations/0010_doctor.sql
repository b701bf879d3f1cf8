-- What `kabinet doctor` and the metrics need beyond reading.

-- How a new session of a role would plan a statement with parameters: under that role's settings, by its generic plan. It
-- explains and runs nothing, with the rights of whoever asks; the settings last until the transaction ends.
create function operations.plan(the_role text, statement text, arguments text) returns jsonb
language plpgsql volatile as $$
declare
  setting text;
  plan json;
begin
  for setting in
    select unnest(s.setconfig) from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase
    where s.setrole in (0, the_role::regrole) and (s.setdatabase = 0 or d.datname = current_database())
    order by s.setrole, s.setdatabase
  loop
    begin
      perform set_config(split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1), true);
    exception when insufficient_privilege then null;   -- one that only superusers may change: the plan is told without it
    end;
  end loop;
  -- A name of its own kind: a prepared statement outlives the transaction that fails.
  execute 'prepare doctor_plan as ' || statement;
  begin
    execute 'explain (format json) execute doctor_plan (' || arguments || ')' into plan;
  exception when others then
    deallocate doctor_plan;
    raise;
  end;
  deallocate doctor_plan;
  return plan;
end $$;
revoke all on function operations.plan(text, text, text) from public;
grant execute on function operations.plan(text, text, text) to kabinet_operator;
