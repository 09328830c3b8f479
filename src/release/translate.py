"""Prints, as JSON, what CloudFormation would make of the SAM template that the first argument names.

With --code-parameters, a template for StackSets, which take no transform: the code's place in S3 is a parameter.
"""

import json
import os
import sys

from samtranslator import __version__
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

PINNED = "1.110.0"

CODE_PARAMETERS = {
    "CodeBucket": {
        "Type": "String",
        "Description": "S3 bucket with the packed function, in the Region of the stack.",
        "AllowedPattern": "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        "ConstraintDescription": "must be the name of a bucket.",
    },
    "CodeKey": {
        "Type": "String",
        "Description": "Key of the packed function in the bucket. Another key publishes another version.",
        # A variable of the function holds it.
        "MaxLength": 200,
        "AllowedPattern": "^[A-Za-z0-9_./-]+$",
        "ConstraintDescription": "must be the key of an object, of at most 200 characters.",
    },
}


class NoManagedPolicies:
    """The template uses none of SAM's policy names, and looking them up would need an account."""

    def load(self):
        return {}


def translate(template, code):
    """The translation with the code at the given place, for any Region and partition."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # `sam package` does the same: the translator takes no local folder.
            resource["Properties"]["CodeUri"] = code
    # The translator puts the values of these into Fn::Sub. So they stay what they are, wherever this runs.
    anywhere = {name: "${" + name + "}" for name in ("AWS::Region", "AWS::Partition")}
    return transform(template, anywhere, NoManagedPolicies())


def with_code_parameters(template):
    """The template with parameters for the code's place, another of which is another version of the function."""
    template["Parameters"].update(CODE_PARAMETERS)
    template["Metadata"].pop("AWS::ServerlessRepo::Application")
    interface = template["Metadata"]["AWS::CloudFormation::Interface"]
    interface["ParameterGroups"].insert(0, {"Label": {"default": "The code"}, "Parameters": list(CODE_PARAMETERS)})
    interface["ParameterLabels"].update({"CodeBucket": {"default": "Bucket"}, "CodeKey": {"default": "Key"}})
    # The record names the settings, and thereby publishes a version. Lambda refuses one that differs in nothing, so that
    # the function has it, too: the same bytes may be put under another key.
    record = template["Resources"]["SettingsRecord"]["Properties"]["PolicyDocument"]["Statement"][0]
    record["Condition"]["StringEquals"]["aws:PrincipalTag/node-role-guard-settings"].append(
        {"Fn::Sub": "Code ${CodeBucket}/${CodeKey}"}
    )
    template["Resources"]["GuardFunction"]["Properties"]["Environment"]["Variables"]["CODE"] = {
        "Fn::Sub": "${CodeBucket}/${CodeKey}"
    }
    return template


if __version__ != PINNED:
    sys.exit(f"aws-sam-translator is {__version__}; install the one that makes the same bytes: aws-sam-translator=={PINNED}")
# The translator asks for a region, and for nothing in it.
os.environ["AWS_DEFAULT_REGION"] = "eu-central-1"
with open(sys.argv[1], encoding="utf-8") as source:
    sam = yaml_parse(source.read())
if sys.argv[2:] == ["--code-parameters"]:
    translated = translate(with_code_parameters(sam), {"Bucket": {"Ref": "CodeBucket"}, "Key": {"Ref": "CodeKey"}})
else:
    translated = translate(sam, "s3://packages/eks-node-role-guard")
json.dump(translated, sys.stdout, indent=2)
print()
