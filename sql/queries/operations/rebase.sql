-- Makes the cursors speak of this server. Rows: how many commands wait
select queue.rebase()
