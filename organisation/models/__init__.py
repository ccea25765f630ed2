"""The nouns of this room."""

from organisation.models.authority import Act, AuthorityLimit, Cover, Post, PostHolding
from organisation.models.calendar import BankHoliday, WorkingCalendar
from organisation.models.framework import CommissioningFramework
from organisation.models.membership import Membership
from organisation.models.organisation import Directorate, Organisation, ServiceArea
from organisation.models.person import Person
from organisation.models.session import PersonSession
from organisation.models.statutory_figure import StatutoryFigure, Unit
from organisation.models.supplier import Supplier
from organisation.models.supplier_concern import SupplierConcern
from organisation.models.unsent_form import UnsentForm

__all__ = [
    "Act",
    "AuthorityLimit",
    "BankHoliday",
    "CommissioningFramework",
    "Cover",
    "Directorate",
    "Membership",
    "Organisation",
    "Person",
    "PersonSession",
    "Post",
    "PostHolding",
    "ServiceArea",
    "StatutoryFigure",
    "Supplier",
    "SupplierConcern",
    "Unit",
    "UnsentForm",
    "WorkingCalendar",
]
