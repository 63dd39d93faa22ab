#!/bin/sh
# Creates the namespace of the application. Safe to run again.
set -eu

until temporal operator cluster health; do
  sleep 2
done
temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 168h
