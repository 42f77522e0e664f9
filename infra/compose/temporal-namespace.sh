#!/bin/sh
# The namespace of the fleet with its search attributes. Closed histories are kept for 30 days: results lie elsewhere.
set -eu
until temporal operator cluster health; do sleep 2; done
temporal operator namespace describe --namespace jokbo ||
  temporal operator namespace create --namespace jokbo --retention 720h
# A namespace is known everywhere some seconds after it was made.
until temporal operator search-attribute list --namespace jokbo | grep -q ShardsTotal; do
  temporal operator search-attribute create --namespace jokbo \
    --name AuditState --type Keyword --name ShardsDone --type Int --name ShardsTotal --type Int || sleep 2
done
