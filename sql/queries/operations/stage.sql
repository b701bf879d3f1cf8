-- Rows of an import, as they stood in its file. Columns: job int8, lane int2, n int8, line int4, fields text[]
copy operations.import_row (job, lane, n, line, fields) from stdin (format binary)
