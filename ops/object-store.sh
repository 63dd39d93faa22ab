#!/bin/sh
# Creates the bucket of the application in the object store. Safe to run again.
set -eu
MASTER=${MASTER:-127.0.0.1:9333}

if echo 's3.bucket.list' | weed shell -master="$MASTER" | grep -qE "^[[:space:]]*$S3_BUCKET([[:space:]]|$)"; then
  echo "bucket $S3_BUCKET is there"
else
  echo "s3.bucket.create -name $S3_BUCKET" | weed shell -master="$MASTER"
fi
