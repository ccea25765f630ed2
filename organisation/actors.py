"""Who acts: a person, or the system following on from something a person did."""

from dataclasses import dataclass

from organisation.models.person import Person


@dataclass(frozen=True)
class System:
    """The application acting by itself; ``because`` says what made it."""

    because: str

    def __str__(self) -> str:
        return "Gatehouse"


Actor = Person | System
