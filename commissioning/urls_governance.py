"""Addresses of urgency, decisions, principles, what adds up, and working with others; a part of the room's own."""

from django.urls import path

from commissioning.views import collaboration, governance, urgent, what_if

patterns = [
    path("commissions/urgent/", urgent.UrgentReport.as_view(), name="urgent_report"),
    path("commissions/<int:pk>/urgent/", urgent.Urgent.as_view(), name="urgent"),
    path("commissions/<int:pk>/urgent/take/", urgent.MarkUrgent.as_view(), name="mark_urgent"),
    path("commissions/<int:pk>/urgent/end/", urgent.EndUrgent.as_view(), name="end_urgent"),
    path("commissions/<int:pk>/urgent/advice/<slug:side>/", urgent.Advise.as_view(), name="urgent_advice"),
    path("commissions/<int:pk>/urgent/owed/<int:owed>/", urgent.FinishOwed.as_view(), name="finish_owed"),
    path("commissions/<int:pk>/urgent/owed/<int:owed>/write/", urgent.WriteOwed.as_view(), name="write_owed"),
    path("commissions/<int:pk>/what-if/", what_if.WhatIfPage.as_view(), name="what_if"),
    path("commissions/<int:pk>/adds-up/", what_if.Aggregation.as_view(), name="aggregation"),
    path("commissions/<int:pk>/adds-up/<slug:basis>/", what_if.SeeAggregation.as_view(), name="see_aggregation"),
    path("commissions/<int:pk>/decision/enter/", governance.EnterDecision.as_view(), name="enter_decision"),
    path("commissions/<int:pk>/decision/<slug:step>/", governance.DecisionStep.as_view(), name="decision_step"),
    path("commissions/<int:pk>/principles/", collaboration.Principles.as_view(), name="principles"),
    path("commissions/<int:pk>/partners/", collaboration.Partners.as_view(), name="partners"),
    path("commissions/<int:pk>/partners/consider/", collaboration.ConsiderJoint.as_view(), name="consider_joint"),
    path("partnerships/", collaboration.PartnershipList.as_view(), name="partnerships"),
    path("partnerships/funds/", collaboration.ManagedFunds.as_view(), name="managed_funds"),
    path("partnerships/add/", collaboration.SavePartnership.as_view(), name="add_partnership"),
    path("partnerships/<int:pk>/", collaboration.PartnershipPage.as_view(), name="partnership"),
    path("partnerships/<int:pk>/change/", collaboration.SavePartnership.as_view(), name="change_partnership"),
    path("partnerships/<int:pk>/meetings/add/", collaboration.AddMeeting.as_view(), name="add_meeting"),
    path("shared/", collaboration.Shared.as_view(), name="shared"),
    path("shared/<int:pk>/", collaboration.SharedCommission.as_view(), name="shared_commission"),
]
