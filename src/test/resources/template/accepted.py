"""Prints, as JSON, why IAM would refuse each policy document of the list in the file that the first argument names."""

import json
import sys

from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.policy_validation import IAMPolicyDocumentValidator


def refusal(document):
    try:
        IAMPolicyDocumentValidator(json.dumps(document)).validate()
    except MalformedPolicyDocument as refused:
        return refused.message
    return ""


with open(sys.argv[1], encoding="utf-8") as source:
    json.dump([refusal(document) for document in json.load(source)], sys.stdout)
