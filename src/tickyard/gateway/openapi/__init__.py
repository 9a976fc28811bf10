"""The OpenAPI document of the REST surface, made from the routes and from what their slices say of shapes."""

from tickyard.gateway.openapi.document import document
from tickyard.gateway.openapi.shapes import Shape, load

__all__ = ["Shape", "document", "load"]
