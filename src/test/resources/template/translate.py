"""Prints, as JSON, what CloudFormation would make of the SAM template that the first argument names."""

import json
import os
import sys

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoManagedPolicies:
    """The template uses none of SAM's policy names, and looking them up would need an account."""

    def load(self):
        return {}


# The translator asks for a region, and for nothing in it.
os.environ["AWS_DEFAULT_REGION"] = "eu-central-1"
with open(sys.argv[1], encoding="utf-8") as source:
    template = yaml_parse(source.read())
for resource in template["Resources"].values():
    if resource["Type"] == "AWS::Serverless::Function":
        # `sam package` does the same: the translator takes no local folder.
        resource["Properties"]["CodeUri"] = "s3://packages/eks-node-role-guard"
json.dump(transform(template, {}, NoManagedPolicies()), sys.stdout, indent=2)
