-- The commands of a flush; xid and seq are given to the rows in their order.
copy queue.command (id, subject, received_at, pool, lane, awaited, kind, organization, payload, actor, channel, trace,
                    cause) from stdin (format binary)
