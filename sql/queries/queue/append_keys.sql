-- The idempotency keys of a flush. A key that is taken fails the flush (23505), which then asks `holders` again.
copy queue.idempotency (day, key, digest, command) from stdin (format binary)
