"""The words of the seed release, and names of towns where many are needed."""

from __future__ import annotations

HEADLINE = (
    "80\u00a0individuals charged with a combined 165\u00a0Criminal Code offences "
    "in proactive investigations across Ontario"
)
PARTNERS = {
    "durham": "Durham Regional Police Service",
    "sudbury": "Greater Sudbury Police Service",
    "halton": "Halton Regional Police Service",
    "london": "London Police Service",
    "niagara": "Niagara Regional Police Service",
    "opp": "Ontario Provincial Police",
    "peel": "Peel Regional Police",
    "peterborough": "Peterborough Police Service",
    "toronto": "Toronto Police Service",
    "windsor": "Windsor Police Service",
    "york": "York Regional Police",
}
MEMBERS = {
    "anishinabek": "Anishinabek Police Services",
    "akwesasne": "Akwesasne Mohawk Police Service",
    "barrie": "Barrie Police Service",
    "durham": "Durham Regional Police Service",
    "sudbury": "Greater Sudbury Police Service",
    "halton": "Halton Regional Police Service",
    "hamilton": "Hamilton Police Service",
    "kingston": "Kingston Police",
    "london": "London Police Service",
    "niagara": "Niagara Regional Police Service",
    "opp": "Ontario Provincial Police",
    "ottawa": "Ottawa Police Service",
    "peel": "Peel Regional Police",
    "peterborough": "Peterborough Police Service",
    "six-nations": "Six Nations Police Service",
    "thunder-bay": "Thunder Bay Police Service",
    "treaty-three": "Treaty Three Police Service",
    "toronto": "Toronto Police Service",
    "windsor": "Windsor Police Service",
    "york": "York Regional Police",
}
TOWNS = (
    "Arnprior", "Aylmer", "Barrie", "Belleville", "Brantford", "Brockville", "Chatham", "Cobourg",
    "Cornwall", "Deep\u00a0River", "Dryden", "Durham", "Espanola", "Gananoque", "Guelph", "Halton",
    "Hamilton", "Hanover", "Kawartha\u00a0Lakes", "Kenora", "Kingston", "LaSalle", "London",
    "Midland", "Napanee", "Niagara", "North\u00a0Bay", "Orangeville", "Orillia", "Oshawa", "Ottawa",
    "Owen\u00a0Sound", "Parry\u00a0Sound", "Peel", "Pembroke", "Perth", "Peterborough",
    "Port\u00a0Hope", "Renfrew", "Sarnia", "Saugeen\u00a0Shores", "Sault\u00a0Ste.\u00a0Marie",
    "Shelburne", "Smiths\u00a0Falls", "St.\u00a0Thomas", "Stirling\u00a0Rawdon", "Stratford",
    "Strathroy\u00a0Caradoc", "Sudbury", "Thorold", "Thunder\u00a0Bay", "Tillsonburg", "Timmins",
    "Toronto", "Trenton", "Waterloo", "West\u00a0Grey", "Windsor", "Wingham", "York",
)  # fmt: skip
SPEECH = (
    "“Human trafficking is a complex and persistent threat that thrives in silence. It is a crime that "
    "requires us to address traffickers as well as those who fuel demand for exploited persons. We are "
    "committed to working with our partners to dismantle trafficking networks, hold offenders accountable "
    "and support survivors. We urge the public to stay alert, report suspicious activity, and support "
    "efforts to end trafficking. Together, we can create safer communities.”"
)
BODY = (
    "In recognition of World Day Against Trafficking in Persons on July\u00a030, the Provincial Human "
    "Trafficking Intelligence-Led Joint Forces Strategy (IJFS) is announcing significant enforcement "
    "results from a series of proactive investigations conducted across Ontario.",
    "Over the past 18\u00a0months, IJFS-participating police services have undertaken coordinated "
    "operations in communities throughout Ontario, targeting those seeking to purchase sexual services from "
    "young people. These initiatives were carried out with the goal of reducing the demand for the "
    "commercial sexual exploitation of young persons.",
    "The operations focused on identifying and arresting individuals who attempted to obtain sexual "
    "services from persons under\u00a018, or from individuals who are coerced, trafficked, or otherwise "
    "exploited. Police officers posed as vulnerable youth to disrupt illegal activity and deter demand for "
    "exploitative sex work.",
    "As a result of these investigations, 80\u00a0individuals were arrested and charged with a combined "
    "165\u00a0Criminal Code offences.",
    "Human trafficking is a serious criminal offence involving the exploitation of individuals through "
    "force, fraud, threats, or manipulation for financial gain. Victims are often subjected to forced "
    "labour or commercial sexual exploitation and are deprived of their freedom and dignity. This crime "
    "represents a serious violation of human rights, as traffickers treat vulnerable individuals as "
    "commodities to be bought, sold and controlled.",
    "The success of this province-wide initiative underscores the critical importance of inter-agency "
    "collaboration in identifying offenders, protecting those at risk, and holding traffickers and "
    "exploiters accountable.",
)
ABOUT_IJFS = (
    "On March\u00a06, 2020, the Government of Ontario announced funding to establish the IJFS, consisting "
    "of full-time investigators and analysts who are assigned to participating police agencies across "
    "Ontario, including municipal and First Nations, along with additional resources to the OPP. The IJFS "
    "assists in identifying, investigating and disrupting multi-jurisdictional human trafficking "
    "organizations operating within Ontario."
)
ABOUT_DAY = (
    "The World Day Against Trafficking in Persons is observed on July\u00a030 each year and was proclaimed "
    "by the United Nations general assembly as a day necessary to raise awareness of the situation of "
    "victims of human trafficking and for the promotion and protection of their rights."
)
