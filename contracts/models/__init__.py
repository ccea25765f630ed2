"""The register of contracts and what hangs on each."""

from contracts.models.contract import Contract
from contracts.models.ending import EndingNotice
from contracts.models.handover import Handover, HandoverPart
from contracts.models.indicators import Indicator, IndicatorReading
from contracts.models.mobilisation import MobilisationTask
from contracts.models.signature import Signature
from contracts.models.terms import ContractTerm, ContractValue, ExtensionOption

__all__ = [
    "Contract",
    "ContractTerm",
    "ContractValue",
    "EndingNotice",
    "ExtensionOption",
    "Handover",
    "HandoverPart",
    "Indicator",
    "IndicatorReading",
    "MobilisationTask",
    "Signature",
]
