"""Reads an address with prometheus_client's parsers; prints families with types and the number of samples."""
import json
import sys
import urllib.request

from prometheus_client.parser import text_string_to_metric_families

text = urllib.request.urlopen(sys.argv[1], timeout=10).read().decode()
families = text_string_to_metric_families(text)
print(json.dumps({family.name: [family.type, len(family.samples)] for family in families}))
