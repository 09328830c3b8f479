"""Prints, as JSON, what CloudFormation would make of the SAM template that is named by the first argument."""
import json
import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")

from samtranslator.translator.transform import transform  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402


class NoManagedPolicies:
    """The template names none, and asking IAM for them would need an account."""

    def load(self):
        return {}


with open(sys.argv[1], encoding="utf-8") as source:
    template = yaml_parse(source.read())
for resource in template["Resources"].values():
    if resource["Type"] == "AWS::Serverless::Function":
        # As `sam package` does; the translator takes no local folder.
        resource["Properties"]["CodeUri"] = "s3://packages/eks-node-role-guard"
json.dump(transform(template, {}, NoManagedPolicies()), sys.stdout, indent=2)
