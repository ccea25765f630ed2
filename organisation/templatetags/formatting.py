"""Filters over `organisation.formatting`, for templates: {% load formatting %}.

Long tables format each row in Python before rendering instead: a filter in each cell is three quarters of a list page.
"""

from django import template

from organisation import formatting

register = template.Library()

for _write in (
    formatting.money,
    formatting.money_in_prose,
    formatting.day,
    formatting.short_day,
    formatting.moment,
    formatting.time_of_day,
    formatting.in_days,
    formatting.percent,
    formatting.whole,
    formatting.listed,
    formatting.sentence_start,
    formatting.with_unit,
):
    register.filter(_write.__name__, _write)

register.simple_tag(formatting.counted)
register.simple_tag(formatting.date_range)
