"""Texts of Unfold that it has no Russian for. Naming them here puts them into our own catalogue.

Works around Unfold 0.81. Check on upgrade: compare with its templates; a text that is gone may go here too.
"""

from foundation.errors import gettext_noop as _

UNFOLD = (
    _("Add row"),
    _("All applications"),
    _("Apply Filters"),
    _("Collapse"),
    _("Dark"),
    _("Light"),
    _("System"),
    _("Edit"),
    _("Expand row"),
    _("Forgotten your password or username?"),
    _("Go back"),
    _("Group"),
    _("Loading more results..."),
    _("More actions"),
    _("Name"),
    _("Next"),
    _("No recent searches"),
    _("No results found"),
    _("No results matching your query"),
    _("Previous"),
    _("Recent searches"),
    _("Reset filters"),
    _("Return to site"),
    _("Run"),
    _("Search apps and models..."),
    _("Select all rows"),
    _("Select action"),
    _("Select action to run"),
    _("Select record"),
    _("Select value"),
    _("Toggle password visibility"),
    _("Type to search"),
    _("You have been successfully logged out from the administration"),
    _("Group permissions"),
    _("User permissions"),
    _("True"),
    _("False"),
    _("Date from"),
    _("Date to"),
    _("To"),
    _("Value"),
    _("Welcome"),
    _("Welcome back to"),
    _(
        "Raw passwords are not stored, so there is no way to see this user’s password, but you can change "
        'the password using <a href="{}" class="text-primary-600 dark:text-primary-500">this form</a>.'
    ),
)
