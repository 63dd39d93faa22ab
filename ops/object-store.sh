#!/bin/sh
# Creates the bucket of the application and a key that may use it. Safe to run again.
set -eu

mc alias set store http://minio:9000 "$MINIO_ROOT_USER" "$MINIO_ROOT_PASSWORD"
mc mb --ignore-existing "store/$S3_BUCKET"
mc admin user add store "$S3_ACCESS_KEY" "$S3_SECRET_KEY"
# Attaching twice is an error, and means that it was done before.
mc admin policy attach store readwrite --user "$S3_ACCESS_KEY" || echo 'policy attached already'
