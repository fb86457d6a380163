#!/bin/sh
# PostgreSQL's image lets everybody connect with a password, but nobody replicate.
echo "host replication all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
