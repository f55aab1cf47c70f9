"""The base of every mixin for an admin, so that mixins may call `super()` and stay flat."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unfold.admin import ModelAdmin as AdminMixin
else:
    AdminMixin = object

__all__ = ["AdminMixin"]
