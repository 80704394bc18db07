#!/usr/bin/env python3
"""Exports the shapes of what an MCP server writes from the types of the official Python SDK: mcp_schema.py WHEEL > Fixtures/mcp/types-VERSION.json

WHEEL is one of the package `mcp` (`pip download --no-deps mcp==1.6.0`); the newest protocol version that its types know is the one of the
file. Prose is left out. Needs pydantic.
"""
import importlib.util, json, os, sys, tempfile, zipfile

from pydantic.json_schema import models_json_schema

NAMES = """InitializeResult EmptyResult ListToolsResult CallToolResult ListResourcesResult ListResourceTemplatesResult
ReadResourceResult ListPromptsResult GetPromptResult JSONRPCResponse JSONRPCError""".split()


def bare(node, is_map=False):
    """Without descriptions, titles and defaults; `is_map` where the keys are names of the protocol."""
    if isinstance(node, dict):
        return {k: bare(v, k in ("properties", "$defs") and not is_map) for k, v in node.items()
                if is_map or k not in ("description", "title", "default", "examples")}
    return [bare(item) for item in node] if isinstance(node, list) else node


def main(wheel):
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(wheel) as archive:
            archive.extract("mcp/types.py", folder)
        spec = importlib.util.spec_from_file_location("mcp_types_alone", os.path.join(folder, "mcp", "types.py"))
        types = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = types
        spec.loader.exec_module(types)
    _, schema = models_json_schema([(getattr(types, name), "validation") for name in NAMES], by_alias=True)
    schema = {"$comment": f"{os.path.basename(wheel)}, protocol {types.LATEST_PROTOCOL_VERSION}", **bare(schema)}
    json.dump(schema, sys.stdout, indent=1, sort_keys=True)
    print()


if len(sys.argv) != 2:
    sys.exit(__doc__)
main(sys.argv[1])
